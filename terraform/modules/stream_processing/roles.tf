data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  arn_head = "arn:${data.aws_partition.current.partition}"
  here     = "${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["kinesisanalytics.amazonaws.com"] # IAM kept the service's old name
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

# The calls of the connector's jar, one by one. Its Kinesis source looks up a stream's ARN by DescribeStream and
# polls; it registers no consumer. Its sink batches writes, and makes no other call.
data "aws_iam_policy_document" "apps" {
  for_each = var.apps

  statement {
    sid       = "ReadEvents"
    actions   = ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
    resources = [for event in each.value.sources : var.streams[event].arn]
  }
  statement {
    sid       = "WriteRows"
    actions   = ["dynamodb:BatchWriteItem"]
    resources = [for model in each.value.models : var.tables[model].arn]
  }
  statement {
    sid       = "ReadCode"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${var.artifacts_bucket.arn}/flink/${each.key}/*"] # every version of this application's code
  }
  statement {
    sid       = "Decrypt"
    actions   = ["kms:Decrypt"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [for service in ["dynamodb", "kinesis", "s3"] : "${service}.${data.aws_region.current.id}.amazonaws.com"]
    }
  }
  statement {
    sid       = "FindLogGroups"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["${local.arn_head}:logs:${local.here}:log-group:*"] # the service lists the groups before it picks its own
  }
  statement {
    sid       = "FindLogStreams"
    actions   = ["logs:DescribeLogStreams"]
    resources = ["${aws_cloudwatch_log_group.apps[each.key].arn}:log-stream:*"] # of this one group
  }
  statement {
    sid       = "Log"
    actions   = ["logs:PutLogEvents"]
    resources = [aws_cloudwatch_log_stream.apps[each.key].arn]
  }

  dynamic "statement" {
    for_each = var.vpc == null ? {} : { vpc = var.vpc }

    content {
      sid = "FindNetwork"
      actions = [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ]
      resources = ["*"] # describing has no resources in EC2
    }
  }
  dynamic "statement" {
    for_each = var.vpc == null ? {} : { vpc = var.vpc }

    content {
      sid     = "MakeInterfaces"
      actions = ["ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"]
      resources = concat(
        ["${local.arn_head}:ec2:${local.here}:network-interface/*"], # they have no names before they exist
        [for group in statement.value.security_group_ids : "${local.arn_head}:ec2:${local.here}:security-group/${group}"],
        [for subnet in statement.value.subnet_ids : "${local.arn_head}:ec2:${local.here}:subnet/${subnet}"],
      )
    }
  }
}

resource "aws_iam_role" "apps" {
  for_each = var.apps

  name               = "${var.name_prefix}-flink-${replace(each.key, "_", "-")}"
  description        = "Flink application ${each.key}: reads its events, writes its models' tables."
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "apps" {
  for_each = var.apps

  name   = "run"
  role   = aws_iam_role.apps[each.key].id
  policy = data.aws_iam_policy_document.apps[each.key].json
}
