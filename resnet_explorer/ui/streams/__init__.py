"""What runs report, pushed to the page as Server-Sent Events, and a run's files."""
