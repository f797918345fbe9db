"""The embedded local chat: a page on this machine where one can be every chat at once. For trying the product."""
