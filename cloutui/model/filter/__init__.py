"""The filter language: one text that says which rows of any report are wanted, in which order, of which days.

`tokens` cuts the text, `grammar` makes the tree, `rendering` writes a tree again, `fields` and `values` say what its
words mean for the columns of a report, and `completion` offers the next word. `reports.filter_sql` makes SQL of it.
"""
