# artifacts: code by content; athena: answers; lake: events; logs: of buckets, CDN; page: the dashboard.
resource "aws_s3_bucket" "parts" {
  for_each = local.buckets

  bucket        = each.value
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "parts" {
  for_each = aws_s3_bucket.parts

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "parts" {
  for_each = aws_s3_bucket.parts

  bucket = each.value.id

  rule {
    # CloudFront's log files come with an access list.
    object_ownership = each.key == "logs" ? "BucketOwnerPreferred" : "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "parts" {
  for_each = aws_s3_bucket.parts

  bucket = each.value.id

  rule {
    bucket_key_enabled = !contains(local.amazon_key, each.key)

    apply_server_side_encryption_by_default {
      sse_algorithm     = contains(local.amazon_key, each.key) ? "AES256" : "aws:kms"
      kms_master_key_id = contains(local.amazon_key, each.key) ? null : var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "parts" {
  for_each = aws_s3_bucket.parts

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "parts" {
  for_each = { for part, bucket in aws_s3_bucket.parts : part => bucket if part != "logs" }

  bucket        = each.value.id
  target_bucket = aws_s3_bucket.parts["logs"].id
  target_prefix = "s3/${each.key}/"
}

# The page's bucket gets its policy from the module that knows the CDN.
resource "aws_s3_bucket_policy" "parts" {
  for_each = { for part, bucket in aws_s3_bucket.parts : part => bucket if part != "page" }

  bucket = each.value.id
  policy = data.aws_iam_policy_document.buckets[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.parts]
}

data "aws_iam_policy_document" "buckets" {
  for_each = { for part, bucket in aws_s3_bucket.parts : part => bucket if part != "page" }

  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["s3:*"]                                # whatever it is, not in the clear
    resources = [each.value.arn, "${each.value.arn}/*"] # each file

    principals {
      type        = "*" # whoever it is
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = each.key == "logs" ? { s3 = "${each.value.arn}/s3/*" } : {} # files are named by bucket and time

    content {
      sid       = "BucketsLog"
      actions   = ["s3:PutObject"]
      resources = [statement.value]

      principals {
        type        = "Service"
        identifiers = ["logging.s3.amazonaws.com"]
      }
      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }
    }
  }
}
