# One secret, because each costs $0.40 a month: {"ip_hash_key": "...", "write_keys": ["...", ...]}. The value is
# put in by the deployment, once, and by whoever rotates it; neither the code nor the state ever holds it.
resource "aws_secretsmanager_secret" "collector" {
  name                    = "${var.name_prefix}-collector"
  description             = "Write keys of the collector, and the key that IP addresses are hashed with."
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.deletion_protection ? 30 : 0
}
