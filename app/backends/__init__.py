"""Who answers a request: each backend turns its protocol into the same few events."""
