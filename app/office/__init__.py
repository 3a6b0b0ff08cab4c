"""Running the body: people, roles, settings, texts, messages, the trail."""
