"""What takes time on servers: delivery, power, reinstallation, expiry."""
