"""What the compiler's stages hand to each other: frozen dataclasses without behaviour."""
