/**
 * What tools find: inventories of machines, in the formats of GLPI agents and osquery or our own,
 * matched to the register by serial number, machine id, then tag. A machine that the register does
 * not have becomes a discovered asset, which somebody adopts or rejects (R3.1). The same report
 * again changes nothing, and what a partial report does not mention stays.
 */
package io.vigie.asset.discovery;
