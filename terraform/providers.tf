terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  # Bucket, key and region are given to `terraform init`; `terraform/bootstrap` makes the bucket.
  # The lock is a file beside the state: two deploys at once cannot run.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  # An emulator has no host names for buckets, and an error of it does not pass by waiting.
  s3_use_path_style = var.emulator
  max_retries       = var.emulator ? 2 : null

  default_tags {
    tags = local.tags
  }
}
