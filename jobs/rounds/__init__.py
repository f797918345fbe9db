"""定期调度: a round asks units how some of their tasks go; what they answer is progress of those tasks."""
