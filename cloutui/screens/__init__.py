"""The screens: each binds reports to widgets. A screen holds no SQL, no rule of the field and no privilege check."""
