"""What the workflows have done for them. Import `activities.interface` from workflows, and nothing else."""
