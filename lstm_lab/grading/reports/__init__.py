"""What people read of a graded batch: results, feedback, the overview, exports."""
