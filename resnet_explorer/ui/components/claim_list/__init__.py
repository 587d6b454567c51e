"""The gallery of claims."""
