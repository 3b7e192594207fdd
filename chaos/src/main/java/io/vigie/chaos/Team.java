package io.vigie.chaos;

/** Somebody and who leads them, both of whom sign in and act for themselves. */
record Team(Member member, Member manager) {

  /**
   * @param id of the person
   * @param account under which they sign in
   */
  record Member(String id, String account) {}

  /** Two people who join. */
  static Team join(Client client) throws Client.GaveUp {
    String manager = PersonJourney.join(client).id();
    String member = PersonJourney.joinUnder(client, manager).id();
    return new Team(signIn(client, member), signIn(client, manager));
  }

  /** One who joins and leads nobody. */
  static Member joinAlone(Client client) throws Client.GaveUp {
    return signIn(client, PersonJourney.join(client).id());
  }

  private static Member signIn(Client client, String person) throws Client.GaveUp {
    return new Member(person, AccountJourney.signIn(client, person));
  }
}
