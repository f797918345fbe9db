"""Problem lists 问题清单: what was found and is to be set right, by which measure, shown as two lists."""
