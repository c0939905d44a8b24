"""What the Lambdas do: `app.py` wires these modules to routes and events, and holds no logic of its own."""
