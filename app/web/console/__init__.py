"""The console: managers look after their stores' desks and clerks, dispatchers see the day."""
