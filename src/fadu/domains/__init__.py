"""The shipped domains: data that the kernel reads, and named functions where conditions cannot say it."""
