"""AWS on one machine: the emulator, the stream processor, the triggers, the server, the supervisor."""
