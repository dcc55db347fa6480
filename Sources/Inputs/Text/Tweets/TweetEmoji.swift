/// The names that version 0.6.0 of Python's package `emoji` gives to emoji of one scalar, with colons around them.
enum TweetEmoji {
  /// The name of an emoji up to version 12.1 of Unicode; nil for any other scalar. A variation selector has an empty
  /// name.
  static func name(_ scalar: Unicode.Scalar) -> String? {
    if scalar == "\u{FE0F}" { return "" }
    guard !scalar.isASCII, scalar.properties.isEmoji, let age = scalar.properties.age,
      (age.major, age.minor) <= (12, 1),
      scalar != "\u{26A7}", scalar != "\u{26E9}"
    else { return nil }
    let name = others[scalar.value] ?? scalar.properties.name?.lowercased().replacing(" ", with: "_")
    return name.map { ":\($0):" }
  }

  /// The names that are not those of Unicode, by their scalars.
  private static let others: [UInt32: String] = {
    var names: [UInt32: String] = [:]
    for entry in table.split(whereSeparator: { $0 == "," || $0 == "\n" }) {
      let parts = entry.split(separator: " ")
      if parts.count == 2, let scalar = UInt32(parts[0], radix: 16) { names[scalar] = String(parts[1]) }
    }
    return names
  }()

  private static let table = """
    A9 copyright,AE registered,2122 trade_mark,2139 information,2194 left-right_arrow,2195 up-down_arrow
    2196 up-left_arrow,2197 up-right_arrow,2198 down-right_arrow,2199 down-left_arrow,21A9 right_arrow_curving_left
    21AA left_arrow_curving_right,231B hourglass_done,23CF eject_button,23E9 fast-forward_button
    23EA fast_reverse_button,23EB fast_up_button,23EC fast_down_button,23ED next_track_button,23EE last_track_button
    23EF play_or_pause_button,23F3 hourglass_not_done,23F8 pause_button,23F9 stop_button,23FA record_button
    24C2 circled_M,25B6 play_button,25C0 reverse_button,25FD white_medium-small_square
    25FE black_medium-small_square,2600 sun,260E telephone,261D index_pointing_up,2622 radioactive,2623 biohazard
    2639 frowning_face,263A smiling_face,2648 Aries,2649 Taurus,264A Gemini,264B Cancer,264C Leo,264D Virgo
    264E Libra,264F Scorpio,2650 Sagittarius,2651 Capricorn,2652 Aquarius,2653 Pisces,265F chess_pawn
    2660 spade_suit,2663 club_suit,2665 heart_suit,2666 diamond_suit,267B recycling_symbol,267E infinity
    2695 medical_symbol,2696 balance_scale,26A0 warning,26A1 high_voltage,26AA white_circle,26AB black_circle
    26C8 cloud_with_lightning_and_rain,26CE Ophiuchus,26D1 rescue_worker’s_helmet,26F9 person_bouncing_ball
    2702 scissors,2721 star_of_David,2733 eight-spoked_asterisk,2734 eight-pointed_star,274E cross_mark_button
    2753 question_mark,2754 white_question_mark,2755 white_exclamation_mark,2757 exclamation_mark
    2763 heavy_heart_exclamation,2764 red_heart,27A1 right_arrow,2934 right_arrow_curving_up
    2935 right_arrow_curving_down,2B05 left_arrow,2B06 up_arrow,2B07 down_arrow,3297 Japanese_congratulations_button
    3299 Japanese_secret_button,1F004 mahjong_red_dragon,1F0CF joker,1F170 A_button_(blood_type)
    1F171 B_button_(blood_type),1F17E O_button_(blood_type),1F17F P_button,1F18E AB_button_(blood_type)
    1F191 CL_button,1F192 COOL_button,1F193 FREE_button,1F194 ID_button,1F195 NEW_button,1F196 NG_button
    1F197 OK_button,1F198 SOS_button,1F199 UP!_button,1F19A VS_button,1F201 Japanese_here_button
    1F202 Japanese_service_charge_button,1F21A Japanese_free_of_charge_button,1F22F Japanese_reserved_button
    1F232 Japanese_prohibited_button,1F233 Japanese_vacancy_button,1F234 Japanese_passing_grade_button
    1F235 Japanese_no_vacancy_button,1F236 Japanese_not_free_of_charge_button,1F237 Japanese_monthly_amount_button
    1F238 Japanese_application_button,1F239 Japanese_discount_button,1F23A Japanese_open_for_business_button
    1F250 Japanese_bargain_button,1F251 Japanese_acceptable_button,1F307 sunset,1F30D globe_showing_Europe-Africa
    1F30E globe_showing_Americas,1F30F globe_showing_Asia-Australia,1F311 new_moon,1F312 waxing_crescent_moon
    1F313 first_quarter_moon,1F314 waxing_gibbous_moon,1F315 full_moon,1F316 waning_gibbous_moon
    1F317 last_quarter_moon,1F318 waning_crescent_moon,1F31A new_moon_face,1F31B first_quarter_moon_face
    1F31C last_quarter_moon_face,1F31D full_moon_face,1F324 sun_behind_small_cloud,1F325 sun_behind_large_cloud
    1F326 sun_behind_rain_cloud,1F32A tornado,1F32C wind_face,1F33D ear_of_corn,1F33E sheaf_of_rice,1F346 eggplant
    1F355 pizza,1F35B curry_rice,1F365 fish_cake_with_swirl,1F376 sake,1F381 wrapped_gift,1F384 Christmas_tree
    1F385 Santa_Claus,1F387 sparkler,1F38E Japanese_dolls,1F392 school_backpack,1F3A3 fishing_pole,1F3B1 pool_8_ball
    1F3B6 musical_notes,1F3BD running_shirt,1F3BE tennis,1F3BF skis,1F3C0 basketball,1F3C3 person_running
    1F3C4 person_surfing,1F3CA person_swimming,1F3CB person_lifting_weights,1F3CC person_golfing,1F3CD motorcycle
    1F3CF cricket_game,1F3D1 field_hockey,1F3D2 ice_hockey,1F3D3 ping_pong,1F3D4 snow-capped_mountain,1F3D8 houses
    1F3DA derelict_house,1F3E0 house,1F3E3 Japanese_post_office,1F3E4 post_office,1F3E7 ATM_sign
    1F3EE red_paper_lantern,1F3EF Japanese_castle,1F3F0 castle,1F3F3 white_flag,1F3F4 black_flag,1F3F8 badminton
    1F3FB light_skin_tone,1F3FC medium_light_skin_tone,1F3FD medium_skin_tone,1F3FE medium_dark_skin_tone
    1F3FF dark_skin_tone,1F411 ewe,1F42A camel,1F42B two-hump_camel,1F446 backhand_index_pointing_up
    1F447 backhand_index_pointing_down,1F448 backhand_index_pointing_left,1F449 backhand_index_pointing_right
    1F44A oncoming_fist,1F44B waving_hand,1F44C OK_hand,1F44D thumbs_up,1F44E thumbs_down,1F44F clapping_hands
    1F450 open_hands,1F452 woman’s_hat,1F453 glasses,1F45A woman’s_clothes,1F45D clutch_bag,1F45E man’s_shoe
    1F45F running_shoe,1F461 woman’s_sandal,1F462 woman’s_boot,1F46F people_with_bunny_ears
    1F471 blond-haired_person,1F472 man_with_Chinese_cap,1F473 person_wearing_turban,1F474 old_man,1F475 old_woman
    1F479 ogre,1F47A goblin,1F47D alien,1F47F angry_face_with_horns,1F481 person_tipping_hand,1F482 guard
    1F483 woman_dancing,1F486 person_getting_massage,1F487 person_getting_haircut,1F4A0 diamond_with_a_dot
    1F4A1 light_bulb,1F4A4 zzz,1F4A5 collision,1F4A6 sweat_droplets,1F4A8 dashing_away,1F4AB dizzy
    1F4AF hundred_points,1F4B4 yen_banknote,1F4B5 dollar_banknote,1F4B6 euro_banknote,1F4B7 pound_banknote
    1F4B9 chart_increasing_with_yen,1F4BB laptop_computer,1F4BD computer_disk,1F4BF optical_disk
    1F4C8 chart_increasing,1F4C9 chart_decreasing,1F4E2 loudspeaker,1F4E3 megaphone,1F4E7 e-mail
    1F4E9 envelope_with_arrow,1F4F2 mobile_phone_with_arrow,1F4F6 antenna_bars,1F500 shuffle_tracks_button
    1F501 repeat_button,1F502 repeat_single_button,1F503 clockwise_vertical_arrows
    1F504 counterclockwise_arrows_button,1F505 dim_button,1F506 bright_button,1F507 muted_speaker
    1F508 speaker_low_volume,1F509 speaker_medium_volume,1F50A speaker_high_volume
    1F50D magnifying_glass_tilted_left,1F50E magnifying_glass_tilted_right,1F50F locked_with_pen
    1F510 locked_with_key,1F512 locked,1F513 unlocked,1F515 bell_with_slash,1F517 link,1F519 BACK_arrow
    1F51A END_arrow,1F51B ON!_arrow,1F51C SOON_arrow,1F51D TOP_arrow,1F51E no_one_under_eighteen,1F51F keycap_10
    1F520 input_latin_uppercase,1F521 input_latin_lowercase,1F522 input_numbers,1F523 input_symbols
    1F524 input_latin_letters,1F526 flashlight,1F52A kitchen_knife,1F52F dotted_six-pointed_star
    1F530 Japanese_symbol_for_beginner,1F534 red_circle,1F535 blue_circle,1F53A red_triangle_pointed_up
    1F53B red_triangle_pointed_down,1F53C upwards_button,1F53D downwards_button,1F549 om,1F54A dove,1F54E menorah
    1F550 one_o’clock,1F551 two_o’clock,1F552 three_o’clock,1F553 four_o’clock,1F554 five_o’clock,1F555 six_o’clock
    1F556 seven_o’clock,1F557 eight_o’clock,1F558 nine_o’clock,1F559 ten_o’clock,1F55A eleven_o’clock
    1F55B twelve_o’clock,1F55C one-thirty,1F55D two-thirty,1F55E three-thirty,1F55F four-thirty,1F560 five-thirty
    1F561 six-thirty,1F562 seven-thirty,1F563 eight-thirty,1F564 nine-thirty,1F565 ten-thirty,1F566 eleven-thirty
    1F567 twelve-thirty,1F574 man_in_suit_levitating,1F575 detective,1F576 sunglasses,1F58A pen,1F58B fountain_pen
    1F58C paintbrush,1F58D crayon,1F590 hand_with_fingers_splayed,1F595 middle_finger,1F596 vulcan_salute
    1F5B1 computer_mouse,1F5BC framed_picture,1F5D2 spiral_notepad,1F5D3 spiral_calendar,1F5DC clamp,1F5E1 dagger
    1F5E3 speaking_head,1F5FC Tokyo_tower,1F5FD Statue_of_Liberty,1F5FE map_of_Japan,1F5FF moai
    1F601 beaming_face_with_smiling_eyes,1F603 grinning_face_with_big_eyes,1F604 grinning_face_with_smiling_eyes
    1F605 grinning_face_with_sweat,1F606 grinning_squinting_face,1F60B face_savoring_food
    1F60D smiling_face_with_heart-eyes,1F613 downcast_face_with_sweat,1F618 face_blowing_a_kiss
    1F61B face_with_tongue,1F61C winking_face_with_tongue,1F61D squinting_face_with_tongue
    1F624 face_with_steam_from_nose,1F625 sad_but_relieved_face,1F630 anxious_face_with_sweat
    1F63A grinning_cat_face,1F63B smiling_cat_face_with_heart-eyes,1F63D kissing_cat_face,1F645 person_gesturing_NO
    1F646 person_gesturing_OK,1F647 person_bowing,1F64B person_raising_hand,1F64C raising_hands,1F64E person_pouting
    1F64F folded_hands,1F682 locomotive,1F685 bullet_train,1F699 sport_utility_vehicle,1F6A3 person_rowing_boat
    1F6A7 construction,1F6A8 police_car_light,1F6A9 triangular_flag,1F6AB prohibited,1F6AC cigarette
    1F6AD no_smoking,1F6AE litter_in_bin_sign,1F6AF no_littering,1F6B0 potable_water,1F6B1 non-potable_water
    1F6B4 person_biking,1F6B5 person_mountain_biking,1F6B6 person_walking,1F6B9 men’s_room,1F6BA women’s_room
    1F6C0 person_taking_bath,1F6CC person_in_bed,1F6D1 stop_sign,1F6D2 shopping_cart,1F6EC airplane_arrival
    1F6F4 kick_scooter,1F7E0 orange_circle,1F7E1 yellow_circle,1F7E2 green_circle,1F7E3 purple_circle
    1F7E4 brown_circle,1F7E5 red_square,1F7E6 blue_square,1F7E7 orange_square,1F7E8 yellow_square,1F7E9 green_square
    1F7EA purple_square,1F7EB brown_square,1F91E crossed_fingers,1F91F love-you_gesture,1F920 cowboy_hat_face
    1F926 person_facepalming,1F928 face_with_raised_eyebrow,1F929 star-struck,1F92A zany_face,1F92B shushing_face
    1F92C face_with_symbols_on_mouth,1F92D face_with_hand_over_mouth,1F92E face_vomiting,1F92F exploding_head
    1F936 Mrs._Claus,1F937 person_shrugging,1F938 person_cartwheeling,1F939 person_juggling,1F93A person_fencing
    1F93C people_wrestling,1F93D person_playing_water_polo,1F93E person_playing_handball,1F941 drum
    1F947 1st_place_medal,1F948 2nd_place_medal,1F949 3rd_place_medal,1F94D lacrosse,1F95D kiwi_fruit
    1F970 smiling_face_with_3_hearts,1F973 partying_face,1F974 woozy_face,1F975 hot_face,1F976 cold_face
    1F97A pleading_face,1F992 giraffe,1F993 zebra,1F996 T-Rex,1F9B0 red_hair,1F9B1 curly_hair,1F9B2 bald
    1F9B3 white_hair,1F9C2 salt,1F9C9 mate,1F9CA ice,1F9CD person_standing,1F9CE person_kneeling
    1F9D5 woman_with_headscarf,1F9E7 red_envelope,1F9E9 jigsaw,1F9EC dna,1F9F5 thread,1F9F6 yarn,1F9FC soap
    """
}
