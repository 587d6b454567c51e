"""What can be read off a plan: tables, differences, equations, the identity path; its source and its drawing.

Everything is plain data and text; a plan comes in, and torch never does.
"""
