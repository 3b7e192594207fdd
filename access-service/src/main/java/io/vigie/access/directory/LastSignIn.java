package io.vigie.access.directory;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * When an account was last signed in with, and to which client: what nobody uses is found by it.
 */
final class LastSignIn {

  private LastSignIn() {}

  static Uni<Void> remember(DirectoryEvents.SignIn signIn) {
    if (signIn.account() == null || signIn.client() == null) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into last_sign_in (account, client, at) values (?1, ?2, ?3)
                        on conflict (account, client) do update
                          set at = greatest(last_sign_in.at, excluded.at)""")
                    .setParameter(1, signIn.account())
                    .setParameter(2, signIn.client())
                    .setParameter(3, Changes.utc(signIn.at()))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
