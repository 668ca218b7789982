"""A form made from an endpoint's fields: nothing here knows an endpoint by name."""
