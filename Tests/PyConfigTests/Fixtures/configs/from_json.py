_base_ = ['base_json.json']
d = dict(e=[_base_.a], f={{_base_.d.f}})
