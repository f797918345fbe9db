"""Reading documents as they were published: text in, tasks with units and deadlines out."""
