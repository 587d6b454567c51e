"""The SQLite index of a home: a copy of all runs' events that is quick to list and to read from.

It can always be made again from the files of the runs. No other room names sqlite3.
"""
