package io.vigie.access.person;

import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.QueryParam;

import io.vigie.kernel.web.Filter;

/** Which people a list is to hold; what is left out does not restrict it. */
public class PersonFilter {

  private static final String ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
  private static final String UP_TO_200_IDS = ID + "(," + ID + "){0,199}";

  private static final String ONE_OF =
      """
      cast(sql('(? = any(cast(string_to_array(?, chr(44)) as uuid[])) or ? = any(string_to_array(?, chr(44))))',
        id, :value, details.subject, :value) as Boolean) = true\
      """;

  /** Up to 200, separated by commas. */
  @QueryParam("ids")
  @Pattern(regexp = UP_TO_200_IDS, message = "must be 1 to 200 ids, separated by commas")
  String ids;

  /** Ids of people or of their accounts, up to 200, separated by commas. */
  @QueryParam("who")
  @Pattern(regexp = UP_TO_200_IDS, message = "must be 1 to 200 ids, separated by commas")
  String who;

  @QueryParam("state")
  PersonState state;

  @QueryParam("kind")
  PersonKind kind;

  @QueryParam("subject")
  UUID subject;

  @QueryParam("manager")
  UUID manager;

  @QueryParam("host")
  UUID host;

  @QueryParam("site")
  UUID site;

  /** A business profile of the catalogue that they hold now. */
  @QueryParam("profile")
  UUID profile;

  /** A part of the given name, a space and the family name, of any case. */
  @QueryParam("name")
  @Size(min = 2, max = 200)
  String name;

  /** Whether it names people, so that they are a page of their own. */
  boolean isByName() {
    return ids != null || who != null;
  }

  Filter filter() {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("details.kind", kind)
            .equal("details.subject", subject == null ? null : subject.toString())
            .equal("details.manager", manager)
            .equal("details.host", host)
            .equal("details.site", site)
            .where(ONE_OF, who == null ? null : who.toLowerCase(Locale.ROOT))
            .where(
                "id in (select a.person from ProfileAssignment a where a.profile = :value and a.state = CURRENT)",
                profile)
            .where(
                "(details.givenName || ' ' || details.familyName) ilike :value escape '!'",
                name == null ? null : "%" + name.replaceAll("[!%_]", "!$0") + "%");
    return ids == null
        ? filter
        : filter.in("id", Stream.of(ids.split(",")).map(UUID::fromString).toList());
  }
}
