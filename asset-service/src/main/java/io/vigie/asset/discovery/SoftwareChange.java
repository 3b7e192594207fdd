package io.vigie.asset.discovery;

import io.vigie.asset.discovery.Inventory.SoftwarePackage;

/**
 * A program that came to a machine or went, where nothing is said of the others.
 *
 * @param added whether it came
 */
record SoftwareChange(boolean added, SoftwarePackage software) {}
