"""The spine of every matter: case, clock, document, message, link, outbox."""
