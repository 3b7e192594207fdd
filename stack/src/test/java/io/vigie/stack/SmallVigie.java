package io.vigie.stack;

/** The command line on a stack of PostgreSQL and the mail sink alone. */
final class SmallVigie {
  static final String[] COMPONENTS = {Postgres.NAME, Mail.NAME};

  private SmallVigie() {}

  public static void main(String[] args) {
    System.exit(Vigie.run(site -> new Stack(site, COMPONENTS), args));
  }
}
