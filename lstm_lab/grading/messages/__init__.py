"""What a learner is told: values compared, symptoms found, both languages."""
