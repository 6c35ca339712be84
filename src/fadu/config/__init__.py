"""How an installation of Fadu is put together: settings from the environment, addresses, the server's entry point."""
