"""SELECT as the server understands it: Db2 spelling in, DuckDB's SQL out."""
