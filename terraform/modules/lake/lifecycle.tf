# Hot, warm, cold, gone. What S3 would bill as 128 KB is not moved (its default), so small files stay where they are cheapest.
locals {
  lifecycles = {
    artifacts = { moves = {}, expire_days = 0 }
    athena    = { moves = {}, expire_days = 7 }
    lake = {
      moves       = { STANDARD_IA = var.warm_after_days, GLACIER_IR = var.cold_after_days }
      expire_days = var.keep_days
    }
    logs = { moves = {}, expire_days = var.log_retention_days }
    page = { moves = {}, expire_days = 0 }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "parts" {
  for_each = local.lifecycles

  bucket = aws_s3_bucket.parts[each.key].id

  rule {
    id     = "age"
    status = "Enabled"
    filter {}

    dynamic "transition" {
      for_each = each.value.moves

      content {
        storage_class = transition.key
        days          = transition.value
      }
    }
    dynamic "expiration" {
      for_each = each.value.expire_days > 0 ? { days = each.value.expire_days } : {}

      content {
        days = expiration.value
      }
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # A noncurrent version is only what versioning keeps.
  depends_on = [aws_s3_bucket_versioning.parts]
}
