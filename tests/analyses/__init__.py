"""What is measured inside networks agrees with a second, plainer way to measure it."""
