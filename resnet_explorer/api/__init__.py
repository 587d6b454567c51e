"""The verbs: what a person or a program can ask for, with typed arguments in and JSON out, and the answers' types.

Each room below may be imported; torch and plotly come in by name, when a verb that needs them is called.
The page, the command line, HTTP, MCP and notebooks call verbs and hold no logic of their own.
"""
