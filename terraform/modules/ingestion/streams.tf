resource "aws_kinesis_stream" "events" {
  for_each = var.events

  name             = "${var.name_prefix}-${each.value.stream}"
  retention_period = var.retention_hours
  encryption_type  = "KMS"
  kms_key_id       = var.kms_key_arn
  shard_count      = local.provisioned ? try(var.shards[each.key].min, 1) : null

  stream_mode_details {
    stream_mode = var.stream_mode
  }

  lifecycle {
    # The scaler's number is the right one; without this an apply would set it back. The price: the provider
    # refuses another mode until AWS was told of it (README).
    ignore_changes = [shard_count]
  }
}
