"""What people and events can make the product do: check, record, then signal. API, console and webhooks call nothing else."""
