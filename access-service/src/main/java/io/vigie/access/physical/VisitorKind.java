package io.vigie.access.physical;

/** Why somebody from elsewhere comes. */
public enum VisitorKind {
  VISITOR,
  CONTRACTOR
}
