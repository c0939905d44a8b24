# Who changed what, in every region. The first trail of an account is free; its bucket is not shared with others.
locals {
  guards = var.account_guards ? toset(["account"]) : toset([])

  trail_name   = "${var.name_prefix}-trail"
  trail_arn    = "arn:${local.partition}:cloudtrail:${local.region}:${local.account}:trail/${local.trail_name}"
  trail_bucket = "${local.trail_name}-${local.account}"
}

resource "aws_cloudtrail" "account" {
  for_each = local.guards

  name                          = local.trail_name
  s3_bucket_name                = aws_s3_bucket.trail[each.key].id
  kms_key_id                    = aws_kms_key.main.arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  depends_on = [aws_s3_bucket_policy.trail]
}

resource "aws_s3_account_public_access_block" "account" {
  for_each = local.guards

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "trail" {
  for_each = local.guards

  bucket        = local.trail_bucket
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "trail" {
  for_each = local.guards

  bucket                  = aws_s3_bucket.trail[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "trail" {
  for_each = local.guards

  bucket = aws_s3_bucket.trail[each.key].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.main.arn
    }
  }
}

resource "aws_s3_bucket_versioning" "trail" {
  for_each = local.guards

  bucket = aws_s3_bucket.trail[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "trail" {
  for_each = local.guards

  bucket = aws_s3_bucket.trail[each.key].id

  rule {
    id     = "keep"
    status = "Enabled"
    filter {}

    expiration {
      days = var.trail_days
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

data "aws_iam_policy_document" "trail" {
  for_each = local.guards

  statement {
    sid       = "TrailLooks"
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.trail[each.key].arn]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }

  statement {
    sid       = "TrailWrites"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.trail[each.key].arn}/AWSLogs/${local.account}/*"] # files are named by region, day and time

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }
  }

  statement {
    sid     = "OnlyOverTls"
    effect  = "Deny"
    actions = ["s3:*"] # whatever it is, not in the clear
    resources = [
      aws_s3_bucket.trail[each.key].arn,
      "${aws_s3_bucket.trail[each.key].arn}/*", # each file
    ]

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
}

resource "aws_s3_bucket_policy" "trail" {
  for_each = local.guards

  bucket = aws_s3_bucket.trail[each.key].id
  policy = data.aws_iam_policy_document.trail[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.trail]
}
