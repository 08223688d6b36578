-- Written with the activity log.
SELECT 1;
