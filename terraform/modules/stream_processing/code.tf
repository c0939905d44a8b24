locals {
  # The hash as it may stand in a key: base64 without "/", "+" and "=".
  code_hash = {
    for app in keys(var.apps) : app => trimsuffix(replace(replace(var.packages[app].sha256, "/", "_"), "+", "-"), "=")
  }
}

resource "aws_s3_object" "code" {
  for_each = var.apps

  bucket       = var.artifacts_bucket.name
  key          = "flink/${each.key}/${local.code_hash[each.key]}.zip"
  source       = var.packages[each.key].path
  source_hash  = var.packages[each.key].sha256
  content_type = "application/zip"

  lifecycle {
    # The old code stays until the application runs the new one: it might have to restart meanwhile.
    create_before_destroy = true
  }
}
