package io.vigie.access.entitlement;

/** Whether people can get something that the catalogue lists. */
public enum CatalogueState {
  ACTIVE,
  RETIRED
}
