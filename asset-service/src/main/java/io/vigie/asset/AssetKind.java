package io.vigie.asset;

/** What an asset is. */
public enum AssetKind {
  WORKSTATION,
  LAPTOP,
  SERVER,
  VIRTUAL_MACHINE,
  PHONE,
  TABLET,
  NETWORK_DEVICE,
  STORAGE_MEDIUM,
  APPLICATION,
  WEB_PROPERTY,
  DATABASE,
  DATA_SET
}
