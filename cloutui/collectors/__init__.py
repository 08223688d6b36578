"""Background: products -> archive -> cache, each server at its own pace."""
