package io.vigie.console.register;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * What pages say of saved views, in English; in French it is {@code messages/saved_fr.properties}.
 */
@MessageBundle("saved")
public interface ViewMessages {

  @Message("Saved by you")
  String mine();

  @Message("Save this filter")
  String save();

  @Message("Name")
  String name();

  @Message("For you alone. A name that you gave before is given to this filter instead.")
  String nameHint();

  @Message("Keep it")
  String keep();

  @Message("Delete")
  String delete();

  @Message("Delete: {name}")
  String deleteIt(String name);

  @Message("It is kept under its name.")
  String done();

  @Message("It is deleted.")
  String deleted();

  @Message("It was not kept: give it a name of 1 to 60 letters.")
  String badName();

  @Message("It was not kept: there is no filter, or it is longer than 2,000 letters.")
  String badQuery();

  @Message("It was not kept: you have 50 already. Delete one first.")
  String full();
}
