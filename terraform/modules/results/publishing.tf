data "aws_region" "current" {}

# What could not be published: positions in a change stream, not rows. The rows are in their tables.
resource "aws_sqs_queue" "unpublished" {
  name                      = "${var.name_prefix}-unpublished"
  kms_master_key_id         = var.kms_key_arn
  message_retention_seconds = 14 * 24 * 3600
}

data "aws_iam_policy_document" "unpublished" {
  statement {
    sid       = "OnlyEncryptedConnections"
    effect    = "Deny"
    actions   = ["sqs:*"] # whatever is asked for
    resources = [aws_sqs_queue.unpublished.arn]

    principals {
      type        = "*" # whoever asks: this statement only denies
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "unpublished" {
  queue_url = aws_sqs_queue.unpublished.url
  policy    = data.aws_iam_policy_document.unpublished.json
}

# Here and not beside the role, because a mapping can be made only when the role may read the stream.
data "aws_iam_policy_document" "publisher" {
  dynamic "statement" {
    for_each = length(local.stored) > 0 ? { tables = local.stored } : {}

    content {
      sid       = "ReadChanges"
      actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
      resources = [for table in aws_dynamodb_table.models : table.stream_arn]
    }
  }
  statement {
    sid       = "FindStreams"
    actions   = ["dynamodb:ListStreams"]
    resources = ["*"] # Lambda asks for the streams of the account; the action has no resource
  }
  statement {
    sid       = "NameWhatFailed"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.unpublished.arn]
  }
  statement {
    sid       = "DecryptChanges"
    actions   = ["kms:Decrypt"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [for service in ["dynamodb", "sqs"] : "${service}.${data.aws_region.current.id}.amazonaws.com"]
    }
  }
  statement {
    sid       = "EncryptMessages"
    actions   = ["kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sqs.${data.aws_region.current.id}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "publisher" {
  name   = "read-changes"
  role   = var.publisher_role_name
  policy = data.aws_iam_policy_document.publisher.json
}

resource "aws_lambda_event_source_mapping" "publisher" {
  for_each = local.stored

  event_source_arn = aws_dynamodb_table.models[each.key].stream_arn
  function_name    = var.publisher_function_arn

  # From the oldest change: those that came before a mapping existed are not in the cache yet.
  starting_position                  = "TRIM_HORIZON"
  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.batch_window_seconds

  # A batch in order and one at a time: two at once could number frames of one topic twice over.
  parallelization_factor = 1

  # The publisher answers {"batchItemFailures": []}, or throws when the cache is away. Then the batch comes
  # again, whole and in halves, for as long as its rows would be missed on the page; later the tables are read.
  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_record_age_in_seconds  = 3600
  maximum_retry_attempts         = -1

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.unpublished.arn
    }
  }

  depends_on = [aws_iam_role_policy.publisher]
}
