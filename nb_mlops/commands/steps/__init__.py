"""What several verbs do on their way: steps of stories, told once. They know no verb."""
