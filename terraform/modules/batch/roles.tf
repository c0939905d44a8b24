locals {
  arn_of = {
    catalog = "arn:${data.aws_partition.current.partition}:glue:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
    logs    = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "jobs" {
  for_each = var.jobs

  statement {
    sid       = "ReadScript"
    actions   = ["s3:GetObject"]
    resources = ["${var.artifacts_bucket.arn}/${aws_s3_object.scripts[each.key].key}"]
  }
  statement {
    sid       = "ReadEventsAndWriteResults"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = ["${var.lake_bucket.arn}/events/*", "${var.lake_bucket.arn}/batch/${each.key}/*"] # files are named by hour and run
  }
  statement {
    sid       = "ListLake"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [var.lake_bucket.arn]
  }
  statement {
    sid     = "ReadCatalog"
    actions = ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
    resources = [
      "${local.arn_of.catalog}:catalog",
      "${local.arn_of.catalog}:database/${var.glue_database_name}",
      "${local.arn_of.catalog}:table/${var.glue_database_name}/*", # whichever events the job's models read
    ]
  }
  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }
  statement {
    sid       = "Log"
    actions   = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.arn_of.logs}:log-group:/aws-glue/*"] # Glue adds a group for each security configuration
  }
  statement {
    sid       = "Measure"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"] # CloudWatch has no resources for writing metrics; the namespace narrows it

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Glue"]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.models) > 0 ? { tables = each.value.models } : {}

    content {
      sid       = "CorrectTables"
      actions   = ["dynamodb:BatchWriteItem", "dynamodb:Query", "dynamodb:UpdateItem"]
      resources = [for model in statement.value : var.tables[model].arn]
    }
  }
}

resource "aws_iam_role" "jobs" {
  for_each = var.jobs

  name               = "${var.name_prefix}-glue-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "jobs" {
  for_each = var.jobs

  name   = "run"
  role   = aws_iam_role.jobs[each.key].id
  policy = data.aws_iam_policy_document.jobs[each.key].json
}
