locals {
  # A zone keeps its place, and so its addresses, while the three zones stay the same.
  places = { for place, zone in sort(var.zones) : zone => place }

  private_cidrs = { for zone, place in local.places : zone => cidrsubnet(var.cidr, 3, place) }
  public_cidrs  = { for zone, place in local.places : zone => cidrsubnet(var.cidr, 6, 32 + place) }

  first_zone = sort(var.zones)[0]
  nat_zones  = { NONE = toset([]), ONE = toset([local.first_zone]), PER_ZONE = var.zones }[var.nat]

  # Which gateway a zone goes out by.
  nat_of_zone = var.nat == "NONE" ? {} : {
    for zone in var.zones : zone => var.nat == "PER_ZONE" ? zone : local.first_zone
  }
}
